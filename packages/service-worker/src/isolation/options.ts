/** The two values of `Cross-Origin-Embedder-Policy` under which a page is cross-origin isolated. */
export const EMBEDDER_POLICIES = ['credentialless', 'require-corp'] as const;

export type EmbedderPolicy = (typeof EMBEDDER_POLICIES)[number];

/** Options of {@link CrossOriginIsolationPlugin}. */
export interface CrossOriginIsolationPluginOptions {
  /**
   * On what terms an isolated page gets files of other origins that it did not ask for with CORS:
   *
   * - `credentialless`: any file, but without cookies. Chromium 96 and Firefox 119 on the desktop have it.
   * - `require-corp`: only files whose host sends `Cross-Origin-Resource-Policy: cross-origin`. All have it.
   *
   * @default `credentialless` where the browser has it
   */
  embedderPolicy?: EmbedderPolicy | undefined;
}

const check = (correct: boolean, option: string, needed: readonly string[], value: unknown): void => {
  if (!correct) {
    throw new TypeError(
      `CrossOriginIsolationPlugin: option '${option}' must be one of ${needed.join(', ')}, ` +
        `but got ${JSON.stringify(value)}.`,
    );
  }
};

/** @throws TypeError that names the option and the value it got. */
export const checkOptions = (options: CrossOriginIsolationPluginOptions): void => {
  const unknown = Object.keys(options).find((name) => name !== 'embedderPolicy');
  check(unknown === undefined, unknown ?? '', ['embedderPolicy'], unknown);
  const {embedderPolicy} = options;
  check(
    embedderPolicy === undefined || EMBEDDER_POLICIES.includes(embedderPolicy),
    'embedderPolicy',
    EMBEDDER_POLICIES,
    embedderPolicy,
  );
};
