/** One figure of a bench, in the form of its last line. A ratio is ours divided by the peer's. */
export interface Figure {
  unit: string;
  median: Record<string, number>;
  ratio: Record<string, number>;
}

export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Three digits are more than any of these measurements can tell. */
export const round = (value: number): number => Number(value.toPrecision(3));

/** A figure from what was measured of each way, ours under the name `holdfast`. */
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

/** Prints figures for a person: a row for each way, with its median and how many times that ours is. */
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
