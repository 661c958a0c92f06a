type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that compilers, package managers and test programs need; none of them holds a token, key or secret. */
const KEPT = `
  PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TERM
  XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS
  NVM_DIR VOLTA_HOME COREPACK_HOME PNPM_HOME DENO_DIR BUN_INSTALL
  JAVA_HOME GRADLE_USER_HOME M2_HOME ANDROID_HOME GOPATH GOROOT GOCACHE GOMODCACHE
  CARGO_HOME RUSTUP_HOME VIRTUAL_ENV PYENV_ROOT CONDA_PREFIX GEM_HOME GEM_PATH RBENV_ROOT DOTNET_ROOT
  DEVELOPER_DIR SDKROOT`
  .trim()
  .split(/\s+/);

/** Returns the whole environment of a test command, by an allow-list. */
export function commandEnvironment(own: Environment): Record<string, string> {
  const names = [...KEPT, ...Object.keys(own).filter((name) => /^LC_[A-Z]+$/.test(name))];
  return Object.fromEntries(names.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
}
