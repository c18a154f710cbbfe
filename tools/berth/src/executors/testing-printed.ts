/** The lines that each test prints, in place of printing them. Called inside a describe, before its other hooks. */
export function printedLines(): string[] {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    for (const stream of ['log', 'error'] as const)
      jest
        .spyOn(console, stream)
        .mockImplementation((...text: unknown[]) => void printed.push(text.join(' ')));
  });
  afterEach(() => jest.restoreAllMocks());
  return printed;
}
