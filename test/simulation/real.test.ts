import { type CityImage, prepareCity } from '@sotto/testing/simulation';
import { beforeAll, describe, test } from 'vitest';
import { passes, repeats } from './seeds.fixture.ts';

let image: CityImage;

beforeAll(async () => {
  image = await prepareCity('real');
}, 300_000);

describe('a city with real cryptography', () => {
  test('is led to one state by one seed', () => repeats(image, 3));

  test('comes through every kind of trouble', () => passes(image, 'real', SEEDS), 600_000);
});

const SEEDS = Number(process.env['SOTTO_REAL_SEEDS'] ?? 50);
