export { type Chance, chanceOf } from './chance.ts';
export { type CityImage, type CityRules, SimulatedCity } from './city.ts';
export type { SimulatedDevice } from './device.ts';
export { calm, prepareCity } from './prepare.ts';
export type { CryptoKind } from './primitives.ts';
export { tearable } from './vault-disk.ts';
