import { parseLdd } from './host-files';

it('reads the libraries that ldd prints, the loader too, and not the kernel’s own', () => {
  const text = `
	linux-vdso.so.1 (0x00007f4f993cd000)
	libxtables.so.12 => /lib/x86_64-linux-gnu/libxtables.so.12 (0x00007f4f99307000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f4f993cf000)
`;
  expect(parseLdd(text)).toEqual(['/lib/x86_64-linux-gnu/libxtables.so.12', '/lib64/ld-linux-x86-64.so.2']);
});
