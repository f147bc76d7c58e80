/** The action that a reload interrupted, so that the page can resume it. Stored for this tab only. */
export interface InterruptedAction {
  /** The index of its release in the list. */
  release: number;
  /** The `value` of its button. */
  action: string;
}

const STORAGE_KEY = 'holdfast-demo-interrupted';

export const recallAction = (): InterruptedAction | undefined => {
  const recorded = sessionStorage.getItem(STORAGE_KEY);
  return recorded === null ? undefined : JSON.parse(recorded);
};

/** Records an action while it is in progress. */
export const resumable = async <Result>(
  action: InterruptedAction,
  task: () => Promise<Result>,
): Promise<Result> => {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(action));
  return task().finally(() => sessionStorage.removeItem(STORAGE_KEY));
};
