/**
 * Makes a form do one thing at a time: what its submit buttons stand for. While it is at it, they say that they cannot be
 * pressed, but are not `disabled`: that would take the focus away from whoever uses the keyboard.
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
