import type {UsageInfo, UsageKind} from '@holdfast/window';

/** A row of the table: a group of files. */
export interface UsageRow {
  info: UsageInfo;
  /** How far it is within others. */
  level: 0 | 1 | 2;
}

/**
 * Arranges the groups of `usage()` as a table: everything, and within a route its lines, and within a line its releases. A
 * route with one line of the same name is the same files, so it has no row of its own.
 */
export const usageRows = (groups: readonly UsageInfo[]): UsageRow[] => {
  const of = (kind: UsageKind): UsageInfo[] =>
    groups.filter((info) => info.kind === kind).sort((one, other) => one.name.localeCompare(other.name));
  const releases = of('release');
  const lines = of('line');
  const lineRows = (line: UsageInfo, level: 0 | 1): UsageRow[] => [
    {info: line, level},
    ...releases
      .filter((release) => release.line === line.name)
      .map((info) => ({info, level: level === 0 ? 1 : 2}) as const),
  ];
  const routeRows = (route: UsageInfo): UsageRow[] => {
    const own = lines.filter((line) => line.route === route.name);
    const isLine = own.length === 1 && own[0]?.name === route.name;
    return isLine
      ? own.flatMap((line) => lineRows(line, 0))
      : [{info: route, level: 0}, ...own.flatMap((line) => lineRows(line, 1))];
  };
  return [
    ...of('namespace').map((info) => ({info, level: 0}) as const),
    ...of('route').flatMap(routeRows),
    ...of('all').map((info) => ({info, level: 0}) as const),
  ];
};
