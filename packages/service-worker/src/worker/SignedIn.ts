/** What a worker knows of those who have signed in by a name. */
export interface SignedIn {
  /** Returns the key of a request in the partition of its name, or else of its credential. */
  keyOf(event: ExtendableEvent, key: Request, mode: string, credential: string): Promise<Request>;
  /** Notes that a client uses an account that its credential makes, so that it can sign out of it. */
  use(event: ExtendableEvent, client: string, account: string): void;
  /** Tells whether an asset belongs to an account that has signed out, by its key. */
  isSignedOut(key: string): boolean;
}
