export { checkStrayFile, checkVault } from '@sotto/keybox';
export { strayFiles } from '../../storage/stray-files.ts';
