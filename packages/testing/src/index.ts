export {
  type AccountOptions,
  addDevice,
  changeUserKey,
  draftStatement,
  extendAccount,
  firstDevice,
  makeAccount,
  makeDevice,
  revokeDevice,
  setBundle,
  type TestAccount,
  type TestDevice,
} from './accounts.ts';
export {
  type ChannelClientOptions,
  type ChannelTarget,
  frameSocket,
  openChannel,
  type SocketLike,
  type TestClient,
} from './channel-client.ts';
export { type City, type MovableClock, type Person, type PersonOptions, startCity } from './city.ts';
export { codeOf } from './codes.ts';
export { ForkedLog } from './forked-log.ts';
export { type Lie, LyingLink } from './lying-link.ts';
export { hasPostgres, Postgres, type PostgresOptions, TEST_TEMPLATE, testDatabase } from './postgres.ts';
export { seededRandom } from './random.ts';
export { Replica, signedHash, type TestEntry } from './replica.ts';
export { identity, type RoomOptions, type TestEra, TestRoom } from './rooms.ts';
export { logExtent, readLog, skeletonOf, Tale } from './tale.ts';
export { foreignBytes, foreignVectors, vectorFile } from './vectors.ts';
export { makeWorld, type TestWorld, type WorldOptions } from './world.ts';
