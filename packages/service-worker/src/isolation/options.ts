import {OptionsChecker} from '../options/OptionsChecker.ts';

/** The two values of `Cross-Origin-Embedder-Policy` under which a page is cross-origin isolated. */
export const EMBEDDER_POLICIES = ['credentialless', 'require-corp'] as const;

export type EmbedderPolicy = (typeof EMBEDDER_POLICIES)[number];

/** Options of {@link CrossOriginIsolationPlugin}. */
export interface CrossOriginIsolationPluginOptions {
  /**
   * On what terms an isolated page gets files of other origins that it requests without CORS:
   *
   * - `credentialless`: any file, but without cookies. Supported by Chromium 96 and by Firefox 119 on desktops.
   * - `require-corp`: only files whose host sends `Cross-Origin-Resource-Policy: cross-origin`. Supported everywhere.
   *
   * @default `credentialless` where the browser supports it
   */
  embedderPolicy?: EmbedderPolicy | undefined;
}

const checker: OptionsChecker = /* @__PURE__ */ new OptionsChecker('CrossOriginIsolationPlugin');

/** @throws TypeError that names the option, what it must be, and the value it got. */
export const checkOptions = (options: unknown): void => {
  checker.checkFields(options, '', ['embedderPolicy']);
  const {embedderPolicy = 'credentialless'} = options as CrossOriginIsolationPluginOptions;
  const need = `one of ${EMBEDDER_POLICIES.join(', ')}`;
  checker.check(EMBEDDER_POLICIES.includes(embedderPolicy), 'embedderPolicy', need, embedderPolicy);
};
