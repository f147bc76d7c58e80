/**
 * Makes a form do one thing at a time. While it is at it, its button says that it cannot be pressed, but is not
 * `disabled`: that would take the focus away from whoever uses the keyboard.
 */
export const submitsOneAtATime = (
  form: HTMLFormElement,
  button: HTMLButtonElement,
  action: () => Promise<void>,
): void => {
  let isBusy = false;
  const setBusy = (value: boolean): void => {
    isBusy = value;
    button.ariaDisabled = String(value);
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy) {
      return;
    }
    setBusy(true);
    await action().finally(() => setBusy(false));
  });
  button.disabled = false;
};
