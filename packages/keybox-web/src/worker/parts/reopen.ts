export { reopenAccount } from '@sotto/keybox';
