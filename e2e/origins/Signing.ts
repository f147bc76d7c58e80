/** The Hub's CDN hosts, each with its own form of signed URL. */
export type CdnHost = 'us.aws.cdn.hf.co' | 'us.gcp.cdn.hf.co' | 'cas-bridge.xethub.hf.co';

export interface Signing {
  /**
   * How long a signed URL is good for.
   * @default 3600
   */
  lifetimeSeconds: number;
  /**
   * Whether a signed URL is refused (403) when it is used again.
   * @default false
   */
  singleUse: boolean;
  /**
   * Where the Hub redirects to. In mode `localhost` this only chooses the form of the URL.
   * @default 'us.aws.cdn.hf.co'
   */
  cdnHost: CdnHost;
  /**
   * The clock that URLs are signed and checked by, in milliseconds: turn it to let them expire.
   * @default Date.now
   */
  now: () => number;
}
