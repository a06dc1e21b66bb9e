export { generatePassphrase, passphraseScore } from '@sotto/keybox';
