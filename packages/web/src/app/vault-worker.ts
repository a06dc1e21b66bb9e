import { serveVaults } from '@sotto/keybox-web/worker';

serveVaults();
