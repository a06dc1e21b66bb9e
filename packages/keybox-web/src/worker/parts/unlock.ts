export { unlockAccount } from '@sotto/keybox';
