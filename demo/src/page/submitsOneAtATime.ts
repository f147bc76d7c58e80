/**
 * Makes a form run the action of one submit button at a time. Meanwhile the buttons are `aria-disabled`, not
 * `disabled`, which would take the focus from keyboard users.
 */
export const submitsOneAtATime = (
  form: HTMLFormElement,
  action: (button: HTMLButtonElement) => Promise<void>,
): void => {
  const buttons = form.querySelectorAll<HTMLButtonElement>('button[type="submit"]');
  let isBusy = false;
  const setBusy = (value: boolean): void => {
    isBusy = value;
    for (const button of buttons) {
      button.ariaDisabled = String(value);
    }
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const {submitter} = event;
    if (isBusy || !(submitter instanceof HTMLButtonElement)) {
      return;
    }
    setBusy(true);
    await action(submitter).finally(() => setBusy(false));
  });
};
