/** The Hub's CDN hosts, each with its own form of signed URL. */
export type CdnHost = 'us.aws.cdn.hf.co' | 'us.gcp.cdn.hf.co' | 'cas-bridge.xethub.hf.co';

export interface Signing {
  /**
   * How long a signed URL is valid.
   * @default 3600
   */
  lifetimeSeconds: number;
  /**
   * Whether the second use of a signed URL is refused (403).
   * @default false
   */
  singleUse: boolean;
  /**
   * The host that the Hub redirects to. In mode `localhost`, it only selects the form of the URL.
   * @default 'us.aws.cdn.hf.co'
   */
  cdnHost: CdnHost;
  /**
   * The clock with which URLs are signed and checked, in milliseconds. Replace it to make URLs expire.
   * @default Date.now
   */
  now: () => number;
}
