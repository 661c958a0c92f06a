import type { PrivateFiles } from '../../access/token-folder.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';

/** Makes the files of tokens. */
export const PRIVATE_FILES: PrivateFiles = { makeFolder: makePrivateFolder, write: writePrivateFile };
