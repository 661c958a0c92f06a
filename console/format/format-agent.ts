const BROWSERS: readonly (readonly [sign: RegExp, name: string])[] = [
  [/\bEdg\w*\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [sign: RegExp, name: string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Formats the `User-Agent` of a client in few words: `Firefox on Linux` for a browser, else the name that a program gives itself. */
export function formatAgent(userAgent: string): string {
  if (!userAgent.startsWith('Mozilla/')) return userAgent.split(' ', 1)[0]!;
  const browser = nameIn(userAgent, BROWSERS) ?? 'A browser';
  const system = nameIn(userAgent, SYSTEMS);
  return system === undefined ? browser : `${browser} on ${system}`;
}

function nameIn(text: string, names: typeof BROWSERS): string | undefined {
  return names.find(([sign]) => sign.test(text))?.[1];
}
