// Prints the results of the bench: medians, tables and targets, as plain text.

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (at % 1) * (above - below);
}

export function median(values) {
  return quantile(values, 0.5);
}

/** The median with the quartiles, which show how far to trust it. */
export function spread(values, digits) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(values, q).toFixed(digits));
  return `${middle} (${low}–${high})`;
}

/** Prints aligned columns: the first to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column])));
    console.log(cells.join("   ").trimEnd());
  }
}

export function target(what, isMet, got) {
  console.log(`Target ${isMet ? "met" : "MISSED"}: ${what}; it is ${got}.`);
}
