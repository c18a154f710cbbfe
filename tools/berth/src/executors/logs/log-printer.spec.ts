import { LogPrinter } from './log-printer';

describe('LogPrinter', () => {
  let written: string;
  const line = (service: string, pod: string, text: string, container = service) => ({
    service,
    pod,
    container,
    text,
  });
  const print = (coloured: boolean, ...lines: ReturnType<typeof line>[]) => {
    written = '';
    const printer = new LogPrinter(coloured, async (text) => void (written += text));
    for (const each of lines) void printer.print(each);
    return written;
  };

  it('puts the pod before each line, and the container that is not named after its service', () => {
    expect(
      print(
        false,
        line('web', 'web-1', 'up'),
        line('store', 'store-0', 'ready', 'backup'),
        line('web', 'web-1', ''),
      ),
    ).toBe('web-1  up\nstore-0/backup  ready\nweb-1           \n');
  });

  it('gives each service a colour of its own', () => {
    expect(
      print(true, line('web', 'web-1', 'a'), line('store', 'store-0', 'b'), line('web', 'web-2', 'c')),
    ).toBe('\u001b[36mweb-1\u001b[0m  a\n\u001b[33mstore-0\u001b[0m  b\n\u001b[36mweb-2  \u001b[0m  c\n');
  });
});
