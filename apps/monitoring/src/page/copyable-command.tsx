import { useState } from 'react';

/** A command, and a button that copies it. */
export function CopyableCommand({ does, command }: { does: string; command: string }) {
  const [isCopied, setCopied] = useState(false);
  // Browsers have it only where the connection is safe: https, or this machine.
  const clipboard = globalThis.navigator?.clipboard as Clipboard | undefined;
  return (
    <li>
      <span>{does}</span>
      <code>{command}</code>
      {clipboard && (
        <button
          type="button"
          aria-label={`Copy ${command}`}
          onClick={() => void clipboard.writeText(command).then(() => setCopied(true))}
        >
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </li>
  );
}
