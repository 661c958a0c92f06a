type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that git, its credential helpers and ssh need to act as the user; none of them holds a secret. */
const KEPT = `
  PATH HOME USER LOGNAME TMPDIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS
  SSH_AUTH_SOCK SSH_AGENT_PID GIT_SSH GIT_SSH_COMMAND GIT_SSH_VARIANT GNUPGHOME GH_CONFIG_DIR KRB5CCNAME
  SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE GIT_SSL_CAINFO GIT_SSL_CAPATH
  GIT_EXEC_PATH GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy`
  .trim()
  .split(/\s+/);

/** Variables by which git asks nobody, opens nothing, takes no lock that it can do without, and shows what it pushes. */
const FIXED = {
  GIT_TERMINAL_PROMPT: '0',
  // An empty program is none, also in place of that of the configuration.
  GIT_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  // Messages are compared.
  LC_ALL: 'C',
};

/** Settings that come before those of the clone, so that a push runs no program that it does not need and sends nothing else. */
const SETTINGS: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.pager': 'cat',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'push.followTags': 'false',
  'push.gpgSign': 'false',
  'push.recurseSubmodules': 'no',
};

/**
 * Returns the whole environment of git, by an allow-list: the user's own credentials work, and no token or key of the gateway is in it.
 * @param withheld The variable that holds GitHub's token.
 */
export function gitEnvironment(own: Environment, withheld: string | undefined): Record<string, string> {
  const kept = KEPT.flatMap((name) => {
    const value = own[name];
    return value === undefined || name === withheld ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...FIXED };
}

/** Returns the variables for settings; those of one call come beside those of every call. */
export function settingVariables(further: readonly (readonly [key: string, value: string])[]) {
  const all = [...Object.entries(SETTINGS), ...further];
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(all.length)],
    ...all.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]) as Record<string, string>;
}
