import type {ClearSelection, UsageInfo, UsageKind} from '@holdfast/window';

/** A row of the table: a group of files, and how to delete it. */
export interface UsageRow {
  info: UsageInfo;
  /** How far it is within others. */
  level: 0 | 1 | 2;
  /** What `clear()` takes for it. */
  selection: ClearSelection;
}

/** Tells whether a name is that of a group, or of one within it: names are joined by dashes. */
const isWithin = (name: string, outer: string): boolean => name === outer || name.startsWith(`${outer}-`);

/**
 * Arranges the groups of `usage()` as a table: everything, and within a route its lines, and within a line its releases. A
 * route with one line of the same name is the same files, so it has no row of its own.
 */
export const usageRows = (groups: readonly UsageInfo[]): UsageRow[] => {
  const of = (kind: UsageKind): UsageInfo[] =>
    groups.filter((info) => info.kind === kind).sort((one, other) => one.name.localeCompare(other.name));
  const row = (info: UsageInfo, level: number, selection: ClearSelection): UsageRow => ({
    info,
    level: level as UsageRow['level'],
    selection,
  });
  const releases = of('release');
  const lineRows = (line: UsageInfo, level: number): UsageRow[] => [
    row(line, level, {line: {name: line.name}}),
    ...releases
      .filter(({name}) => isWithin(name, line.name))
      .map((info) =>
        row(info, level + 1, {
          release: {line: {name: line.name}, version: info.name.slice(line.name.length + 1)},
        }),
      ),
  ];
  const lines = of('line');
  const routeRows = (route: UsageInfo): UsageRow[] => {
    const own = lines.filter(({name}) => isWithin(name, route.name));
    const isLine = own.length === 1 && own[0]?.name === route.name;
    return isLine
      ? own.flatMap((line) => lineRows(line, 0))
      : // A route is cleared by its name, as an app of a workspace with a single route.
        [row(route, 0, {namespace: route.name}), ...own.flatMap((line) => lineRows(line, 1))];
  };
  return [
    ...of('namespace').map((info) => row(info, 0, {namespace: info.name})),
    ...of('route').flatMap(routeRows),
    ...of('all').map((info) => row(info, 0, {})),
  ];
};
