/** The origins by their roles. */
export const ORIGIN_NAMES = [
  'app',
  'hub',
  'hubCdn',
  'jsdelivr',
  'noCors',
  'cors',
  'unpkg',
  'cdnjs',
  'pypiFiles',
] as const;

export type OriginName = (typeof ORIGIN_NAMES)[number];

export type PerOrigin<T> = Readonly<Record<OriginName, T>>;

/** The host names of each origin in mode `names`. Pages use the first. */
export const HOST_NAMES: PerOrigin<readonly [string, ...string[]]> = {
  app: ['app.holdfast.test'],
  hub: ['huggingface.co', 'hf.co'],
  hubCdn: ['us.aws.cdn.hf.co', 'us.gcp.cdn.hf.co', 'cas-bridge.xethub.hf.co'],
  jsdelivr: ['cdn.jsdelivr.net'],
  noCors: ['assets.no-cors.test'],
  cors: ['assets.cors.test'],
  unpkg: ['unpkg.com'],
  cdnjs: ['cdnjs.cloudflare.com'],
  pypiFiles: ['files.pythonhosted.org'],
};

export const LOCALHOST_PORTS: PerOrigin<number> = {
  app: 8080,
  hub: 8081,
  hubCdn: 8082,
  jsdelivr: 8083,
  noCors: 8084,
  cors: 8085,
  unpkg: 8086,
  cdnjs: 8087,
  pypiFiles: 8088,
};

export const perOrigin = <T>(of: (name: OriginName) => T): PerOrigin<T> =>
  Object.fromEntries(ORIGIN_NAMES.map((name) => [name, of(name)])) as Record<OriginName, T>;
