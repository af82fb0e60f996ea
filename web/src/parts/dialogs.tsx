// Dialogs: the token, and "are you sure". Native <dialog>: focus is kept inside and given back, Escape closes.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { rememberToken, token } from "../api/client.ts";

export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose} onCancel={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

export function TokenDialog({ reason, onDone }: { reason: string; onDone: (given: boolean) => void }) {
  const [text, setText] = useState(token());
  const [shown, setShown] = useState(false);
  return (
    <Dialog title="Token" onClose={() => onDone(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rememberToken(text.trim());
          onDone(true);
        }}
      >
        <p>
          {reason} It is the <code>token</code> of <code>[server]</code> in the daemon's configuration, and it is kept
          until this tab is closed.
        </p>
        <label>
          Token
          <input
            type={shown ? "text" : "password"}
            name="token"
            autocomplete="off"
            spellcheck={false}
            value={text}
            maxLength={256}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} /> Show it
        </label>
        <div class="buttons">
          <button type="button" onClick={() => onDone(false)}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Use it
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function Confirm({
  title,
  action,
  onDone,
  children,
}: {
  title: string;
  action: string;
  onDone: (sure: boolean) => void;
  children: ComponentChildren;
}) {
  return (
    <Dialog title={title} onClose={() => onDone(false)}>
      {children}
      <div class="buttons">
        <button type="button" onClick={() => onDone(false)}>
          Cancel
        </button>
        <button type="button" class="primary" onClick={() => onDone(true)}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
