import { assert, test } from 'vitest';
import { isShown, nameWarning } from './file-kind.ts';

test.each([
  ['report.pdf', null],
  ['photo.of.the.ward.jpg', null],
  ['setup.exe', 'program'],
  ['setup.EXE', 'program'],
  ['setup.ｅｘｅ', 'program'],
  ['invoice.pdf.exe', 'disguise'],
  ['photo.jpg.scr', 'disguise'],
  ['archive.exe.bat', 'program'],
  ['budget.xlsm', 'macros'],
  ['letter.html', 'page'],
  ['drawing.svg', 'page'],
  ['README', null],
])('what the name %s warns of', (name, warning) => {
  assert.strictEqual(nameWarning(name), warning);
});

test('what is shown here is of a known kind and not too large', () => {
  assert.isTrue(isShown({ name: 'a.png', sizeBytes: 64 * 1024 * 1024 }));
  assert.isFalse(isShown({ name: 'a.png', sizeBytes: 64 * 1024 * 1024 + 1 }));
  assert.isFalse(isShown({ name: 'a.docx', sizeBytes: 1 }));
  assert.isFalse(isShown({ name: 'a.png.exe', sizeBytes: 1 }));
});
