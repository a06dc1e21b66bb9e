export { nodeBlobTransport } from './blob-transport.ts';
export { FileSource, FileTarget } from './byte-files.ts';
export { systemClock } from './clock.ts';
export { type NodePlatformOptions, nodePlatform } from './platform.ts';
export { openProfile, type Profile } from './profile.ts';
export { DirectoryStorage } from './storage.ts';
export { webSocketTransport } from './transport.ts';
