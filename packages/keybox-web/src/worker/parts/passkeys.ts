export { addPasskey, listPasskeys, removePasskey, unlockByPasskey } from '@sotto/keybox';
