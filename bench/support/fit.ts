type Triple = readonly [number, number, number];

/** The plane z = a + b x + c y that is nearest to the points (least squares): a, b, c. */
export function fitPlane(points: readonly Triple[]): Triple {
  const rows = points.map(([x, y]): Triple => [1, x, y]);
  const moments = [0, 1, 2].map((i) => [0, 1, 2].map((j) => dot(rows, i, (row) => row[j] as number)));
  const right = [0, 1, 2].map((i) => dot(rows, i, (_row, k) => points[k]?.[2] as number));
  const whole = determinant(moments);
  const solve = (column: number): number => {
    const replaced = moments.map((row, i) => row.map((value, j) => (j === column ? (right[i] as number) : value)));
    return determinant(replaced) / whole;
  };
  return [solve(0), solve(1), solve(2)];
}

function dot(rows: readonly Triple[], i: number, other: (row: Triple, k: number) => number): number {
  return rows.reduce((sum, row, k) => sum + (row[i] as number) * other(row, k), 0);
}

function determinant(matrix: readonly (readonly number[])[]): number {
  const [[a = 0, b = 0, c = 0] = [], [d = 0, e = 0, f = 0] = [], [g = 0, h = 0, i = 0] = []] = matrix;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
