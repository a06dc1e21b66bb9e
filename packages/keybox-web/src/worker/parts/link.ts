export { linkAccount } from '@sotto/keybox';
