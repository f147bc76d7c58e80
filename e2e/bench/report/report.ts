/** A figure of a bench, as its last line has it. A ratio is ours divided by the peer's. */
export interface Figure {
  unit: string;
  median: Record<string, number>;
  ratio: Record<string, number>;
}

export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Rounds to three digits, which is more than these measurements can tell. */
export const round = (value: number): number => Number(value.toPrecision(3));

/** Returns the figure of what was measured of each way. Ours has the name `holdfast`. */
export const compare = (unit: string, measured: Readonly<Record<string, number[]>>): Figure => {
  const medians = Object.entries(measured).map(([way, values]) => [way, median(values)] as const);
  const [, ours = Number.NaN] = medians.find(([way]) => way === 'holdfast') ?? [];
  return {
    unit,
    median: Object.fromEntries(medians.map(([way, value]) => [way, round(value)])),
    ratio: Object.fromEntries(
      medians.filter(([way]) => way !== 'holdfast').map(([way, value]) => [way, round(ours / value)]),
    ),
  };
};

/** Prints figures as tables: a row for each way, with its median and our ratio to it. */
export const printTable = (title: string, figures: Record<string, Figure>): void => {
  for (const [name, {unit, median: medians, ratio}] of Object.entries(figures)) {
    console.log(`\n${title}: ${name}`);
    console.table(
      Object.fromEntries(
        Object.entries(medians).map(([way, value]) => [
          way,
          {[unit]: value, 'ours ÷ theirs': ratio[way] ?? ''},
        ]),
      ),
    );
  }
};
