import { type CityImage, prepareCity } from '@sotto/testing/simulation';
import { beforeAll, describe, test } from 'vitest';
import { passes, repeats } from './seeds.fixture.ts';

let image: CityImage;

beforeAll(async () => {
  image = await prepareCity('fake');
}, 300_000);

describe('a city with fake cryptography', () => {
  test('is led to one state by one seed', () => repeats(image, 3));

  test('comes through every kind of trouble', () => passes(image, 'fake', SEEDS), 1_200_000);
});

const SEEDS = Number(process.env['SOTTO_FAKE_SEEDS'] ?? 1000);
