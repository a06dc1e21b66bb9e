export { openRecoveryKit, recoverAccount } from '@sotto/keybox';
