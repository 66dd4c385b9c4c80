/** Stands for the function below a caller where the caller cannot be found. */
export function nobody(): void {}
