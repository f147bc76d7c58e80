/** What the page was at when it was reloaded, so that it can go on: kept for this tab alone. */
export interface InterruptedAction {
  /** The place of its release in the list. */
  release: number;
  /** The `value` of its button. */
  action: string;
}

const STORAGE_KEY = 'holdfast-demo-interrupted';

export const recallAction = (): InterruptedAction | undefined => {
  const noted = sessionStorage.getItem(STORAGE_KEY);
  return noted === null ? undefined : JSON.parse(noted);
};

/** Notes an action while it is under way. */
export const resumable = async <Result>(
  action: InterruptedAction,
  task: () => Promise<Result>,
): Promise<Result> => {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(action));
  return task().finally(() => sessionStorage.removeItem(STORAGE_KEY));
};
