export { exportKeyFile } from '@sotto/keybox';
