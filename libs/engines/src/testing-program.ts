import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goBuild, type Runner } from '@berth/exec';

/**
 * `serve` answers at port 8080, `serve-loopback` at that of 127.0.0.1 only; both say `ready`, and so does anything else,
 * which only waits for its end. `exit <code>` prints that and ends with the code, `fail <lines>` prints as many lines
 * and fails, `random <file>` writes what no second run writes.
 */
const source = `package main
import ("crypto/rand"; "fmt"; "net"; "os"; "os/signal"; "strconv"; "syscall")
func main() {
	number := 0
	if len(os.Args) > 2 { number, _ = strconv.Atoi(os.Args[2]) }
	switch os.Args[1] {
	case "exit":
		fmt.Println("exit", number)
		os.Exit(number)
	case "fail":
		for line := 1; line <= number; line++ { fmt.Println("line", line) }
		os.Exit(1)
	case "random":
		bytes := make([]byte, 16)
		rand.Read(bytes)
		if os.WriteFile(os.Args[2], bytes, 0644) != nil { os.Exit(1) }
	default:
		end := make(chan os.Signal, 1)
		signal.Notify(end, syscall.SIGTERM)
		address := map[string]string{"serve": ":8080", "serve-loopback": "127.0.0.1:8080"}[os.Args[1]]
		if address != "" {
			listener, _ := net.Listen("tcp", address)
			go func() {
				for {
					connection, _ := listener.Accept()
					connection.Read(make([]byte, 4096))
					fmt.Fprint(connection, "HTTP/1.0 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nwell")
					connection.Close()
				}
			}()
		}
		fmt.Println("ready")
		<-end
	}
}
`;

/** Compiles the program that the images of the tests are made of: static, for this machine. @returns its path */
export async function testProgram(folder: string, runner: Runner): Promise<string> {
  const program = join(folder, 'program');
  await writeFile(join(folder, 'main.go'), source);
  const { argv, env } = goBuild({ sources: [join(folder, 'main.go')], output: program });
  await runner.run(argv, { env });
  return program;
}
