export { foreignVectors, vectorFile } from './vectors.ts';
