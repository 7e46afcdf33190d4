"""The pages of 事项 and 项目."""
