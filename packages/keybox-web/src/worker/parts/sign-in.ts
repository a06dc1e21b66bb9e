export { signInAccount } from '@sotto/keybox';
