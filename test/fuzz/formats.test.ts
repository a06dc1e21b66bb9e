import { fuzzGroup } from './run.fixture.ts';

fuzzGroup('formats');
