package proc

import "context"

// Run runs spec's program to its end, or kills it when ctx ends; then the error is ctx's.
func Run(ctx context.Context, spec Spec) (Exit, error) {
	if err := ctx.Err(); err != nil {
		return Exit{}, err
	}
	p, err := Start(spec)
	if err != nil {
		return Exit{}, err
	}
	stop := context.AfterFunc(ctx, p.Kill)
	defer stop()
	exit := p.Wait()
	return exit, ctx.Err()
}
