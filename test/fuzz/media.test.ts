import { fuzzGroup } from './run.fixture.ts';

fuzzGroup('media');
