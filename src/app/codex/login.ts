import { existsSync } from 'node:fs';
import type { Observer } from '../../base/observation.ts';
import type { Binary } from '../../codex/process/binary.ts';
import { startDeviceLogin, type DeviceLogin } from '../../codex/runtime/device-login.ts';
import { loginEnvironment } from '../../codex/process/environment.ts';
import { bareConfig } from '../../codex/chat/profile/bare-config.ts';
import { createPrivateHome, loginFile, type PrivateHome } from '../../codex/home/private-home.ts';
import { readSystemConfig, SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import { readUserConfig, type UserConfig } from '../../codex/home/user-config.ts';
import { prepareBinary } from './codex-setup.ts';
import { findCodexHome, type Environment, type Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { VERSION } from '../config/version.ts';

export interface PendingLogin extends DeviceLogin {
  /** File in which Codex keeps the login. */
  readonly path: string;
  /** True if the login replaces an earlier one. */
  readonly replaces: boolean;
  /** True if the user's own Codex keeps its logins in the keyring and does not read that file. */
  readonly beside: boolean;
}

/** Placeholder, because a login is the same for every provider and no model is asked. */
const NO_PROVIDER = {
  id: 'login',
  config: {
    name: 'login',
    base_url: 'http://127.0.0.1:9/v1',
    wire_api: 'responses',
    requires_openai_auth: false,
  },
};

export interface LoginOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly observer: Observer;
  /** Cancels the login before there is a code. */
  readonly signal: AbortSignal;
}

/** A home for a login, whose `auth.json` is a link to the user's. */
interface LoginHome {
  readonly binary: Binary;
  readonly userHome: string;
  readonly user: UserConfig;
  readonly home: PrivateHome;
}

export async function openLoginHome({
  settings,
  environment,
}: Pick<LoginOptions, 'settings' | 'environment'>): Promise<LoginHome> {
  const binary = await prepareBinary(settings, environment);
  const userHome = await findCodexHome(environment);
  const user = await readUserConfig(userHome, SYSTEM_FOLDER);
  const system = await readSystemConfig(SYSTEM_FOLDER);
  // Codex would create it readable by everyone.
  await makePrivateFolder(userHome);
  const home = await createPrivateHome({
    stateDirectory: settings.stateDirectory,
    userHome,
    config: (paths) =>
      bareConfig({
        provider: NO_PROVIDER,
        modelProvider: NO_PROVIDER.id,
        user,
        system,
        home: paths,
        idleDeadlineSeconds: 60,
      }),
  });
  return { binary, userHome, user, home };
}

/** Starts a login of the user's Codex. */
export async function startLogin(options: LoginOptions): Promise<PendingLogin> {
  const { environment, observer, signal } = options;
  const { binary, userHome, user, home } = await openLoginHome(options);
  try {
    const login = await startDeviceLogin({
      binary: binary.path,
      codexHome: home.path,
      workingDirectory: home.workingDirectory,
      environment: loginEnvironment(environment),
      clientVersion: VERSION,
      observer,
      signal,
    });
    return {
      ...login,
      path: loginFile(userHome),
      replaces: existsSync(loginFile(userHome)),
      beside: user.cli_auth_credentials_store === 'keyring',
      async close() {
        await login.close();
        await home.remove();
      },
    };
  } catch (error) {
    await home.remove();
    throw error;
  }
}
