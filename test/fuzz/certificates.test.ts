import { fuzzGroup } from './run.fixture.ts';

fuzzGroup('certificates');
