/** What a worker knows of those who have signed in by a name, and of whose credentials were used. */
export interface SignedIn {
  /**
   * Returns the partition of a client's request: that of its name, or else the one by its credential. Notes that the
   * client uses it, so that it can sign out of it.
   */
  accountOf(
    event: ExtendableEvent,
    client: string,
    byCredential: string | undefined,
  ): Promise<string | undefined>;
  /** Deletes what a request has stored for an account that has signed out since it began. */
  settle(event: ExtendableEvent, account: string | undefined): Promise<void>;
  /** Tells whether an asset belongs to an account that has signed out, by its key. */
  isSignedOut(key: string): boolean;
}
