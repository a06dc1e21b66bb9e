import '@sotto/keybox-web/worker';
