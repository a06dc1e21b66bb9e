export { createAccount } from '@sotto/keybox';
